qmail_script(rmpopuser)
