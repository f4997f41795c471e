qmail_script(config-fast)
