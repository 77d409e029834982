"""The census room: an office's workbook of children, families, institutions and stays, read with patience and brought in row by row."""
