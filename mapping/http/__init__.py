"""What every interface for machines shares, whichever standard it follows.

Who asks and what they may see, parameters read one by one with a reason for each that is wrong, errors as problems
(RFC 9457), the base of views and their compressed answers.
"""
