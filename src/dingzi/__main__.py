from dingzi.project.cli import main

raise SystemExit(main())
