qmail_script(http@)
