qmail_script(vida-passwd)
