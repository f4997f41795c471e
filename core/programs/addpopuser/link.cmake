qmail_script(addpopuser)
