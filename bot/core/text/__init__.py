"""Plain text: folding, paragraphs, sentences, languages and copy signatures."""
