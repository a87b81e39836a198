"""Questions and answers: text → Question, hits → Reply; passages to look in."""
