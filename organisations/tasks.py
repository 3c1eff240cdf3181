"""Celery tasks of this floor. They only wake work up; the database says what is due."""
