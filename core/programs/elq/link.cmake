qmail_script(elq)
