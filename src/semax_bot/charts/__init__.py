"""Pictures: each declared once with Vega-Altair, drawn in a worker process that alone imports it."""
