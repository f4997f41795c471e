qmail_script(vida-maildirmake)
