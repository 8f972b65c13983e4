"""The skill that this product exists for: understand a question, find what answers it, compose the card.

understand (text, facets) -> find (index, find) -> decide -> compose. Pure and deterministic; built once, asked often.
"""
