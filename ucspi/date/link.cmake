qmail_script(date@)
