"""The desk's figures: the overview and the weekly summary."""
