"""What goes wrong between us and a network, step by step; judged by what the public would have seen."""
