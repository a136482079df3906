"""Facebook pages: connecting, publishing, looking and numbers."""
