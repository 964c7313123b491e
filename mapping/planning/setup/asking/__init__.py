"""The steps in which categories and questions are written, put in order and tried."""
