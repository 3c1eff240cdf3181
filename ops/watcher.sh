#!/bin/sh
# Ends a process group once whoever started it is gone; see ops/leash.py.
# Arguments: the signal that asks the child to stop, and how many seconds it may take.
# The first line read names the child, then there is silence until the pipe closes.
trap '' HUP INT TERM QUIT
read -r child || kill -KILL 0
while read -r _; do :; done
kill -s "$1" "$child"
tenths=$(($2 * 10))
while [ "$tenths" -gt 0 ] && kill -0 "$child"; do
  # A zombie, which nobody has reaped yet, counts as gone.
  case "$(cat "/proc/$child/stat")" in *') Z '*) break ;; esac
  sleep 0.1
  tenths=$((tenths - 1))
done
kill -KILL 0
