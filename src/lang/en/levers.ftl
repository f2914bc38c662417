# Levers: what each does.
lever-scale = run an app in so many pods
lever-restart = end a pod and start it again
lever-promote = make the replica the primary database
lever-flush-cache = let the cache forget everything
lever-warm-cache = put every page into the cache
lever-renew-certificate = give the gateway a new certificate
lever-restore-permission = give a service account its permissions back
lever-roll-back = set the configuration of an app back
lever-shed = refuse a share of requests; 0 ends it
lever-log = the last lines a pod wrote
lever-curl = a GET request to a pod

# What is wrong with a typed one, and how to mend it.
wrong-nothing = name a lever: { $levers }
wrong-lever = there is no lever "{ $word }"
wrong-pod = there is no pod "{ $word }"
wrong-app = there is no app "{ $word }"
wrong-account = there is no account "{ $word }"
wrong-mend = { $what }; { $mend }
wrong-did-you-mean = did you mean "{ $name }"?
wrong-one-of = write one of: { $names }
wrong-too-much = "{ $word }" is too much; write: { $form }
wrong-no-pod = say which pod: { $form }
wrong-no-app = say which app: { $form }
wrong-no-account = say which account: { $form }
wrong-no-count = say in how many pods: { $form }
wrong-no-share = say how much: { $form }
wrong-is-app = "{ $word }" is an app; its pods: { $pods }
wrong-pods = "{ $word }" is no number of pods from 1 to { $most }: { $form }
wrong-lines = "{ $word }" is no number of lines from 1 to { $most }: { $form }
wrong-share = "{ $word }" is no share from 0 to 100 percent: { $form }
wrong-path = "{ $word }" is no path: { $form }
wrong-facilitator = levers are pulled by a team: { $key } chooses one
