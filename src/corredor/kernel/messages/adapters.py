"""How words leave Corredor."""
