qmail_script(datemail)
