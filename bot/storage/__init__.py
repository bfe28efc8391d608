"""All SQL of the project: the tables, the stores over them, and the migrations."""
