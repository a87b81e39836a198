"""Plain text: folding, paragraphs, sentences, spaCy Docs, languages and copy signatures."""
