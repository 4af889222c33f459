"""What every request passes before a route sees it: its size, its rate, where it comes from, and what goes back."""
