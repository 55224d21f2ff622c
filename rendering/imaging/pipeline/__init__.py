"""The pipeline: from an original's bytes and a recipe to a derivative's bytes, step by step."""
