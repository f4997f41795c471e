qmail_script(qmail-makectl)
