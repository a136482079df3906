"""The face for people: pages made on the server, forms that post and redirect."""
