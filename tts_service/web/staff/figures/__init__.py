"""The overview: charts, tables, exports."""
