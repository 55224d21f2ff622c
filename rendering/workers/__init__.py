"""Work on pictures in processes of its own, which end alone when a file or a recipe costs too much."""
