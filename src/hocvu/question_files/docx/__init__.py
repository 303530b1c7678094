"""Questions as people write them in Word: headings, numbers, letters, keys below or marked."""
