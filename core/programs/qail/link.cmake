qmail_script(qail)
