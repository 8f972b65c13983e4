"""The course: its content model, its loader and its checks."""
