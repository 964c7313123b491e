"""What came on paper, entered by staff: responses to the survey, and map sheets."""
