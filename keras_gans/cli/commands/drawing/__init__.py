"""Drawing what sentences say: files, sheets, tables and animations."""
