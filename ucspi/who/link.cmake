qmail_script(who@)
