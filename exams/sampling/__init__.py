"""The sample: applying for the exam, drawing hand-ins so that anybody can draw them again, and what
a coach decides of them; releasing the exam is left to `releasing`."""
