qmail_script(vida-assign)
