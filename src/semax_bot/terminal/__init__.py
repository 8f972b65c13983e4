"""The terminal: the same tutor at a prompt, in colour where there is a screen, plainly where there is a pipe."""
