"""The baseline of filing: a form of many pages, as a new project would write it.

Each page is a Django form with its token against forgery; answers are kept in a row; the last page
asks for a captcha; then the answers are sealed to one key and two rows are written.
"""
