qmail_script(pinq)
