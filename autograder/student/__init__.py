"""What runs on a student's own machine, wherever that is: the public checks, the rules of submission, the PDF. Nothing here needs Linux."""
