"""Everything called from outside: command line, web, chat platforms, process roles."""
