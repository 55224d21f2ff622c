"""An attack on the service as it runs: hostile files, paths and costs, over HTTP. `make attack` runs it."""
