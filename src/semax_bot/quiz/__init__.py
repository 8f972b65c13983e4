"""Quizzes: which items a round asks, how an answer is judged, what a round says. Pure functions over plain values."""
