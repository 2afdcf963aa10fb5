"""The questions of the wizard, one module each: what is asked, what can be chosen, what an answer does.

Screens and lines ask them. How a list is drawn and which keys do what is theirs; no wording is.
"""
