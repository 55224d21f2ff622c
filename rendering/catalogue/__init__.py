"""The contract between the planes: what publishing writes and the data plane reads."""
