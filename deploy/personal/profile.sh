# shellcheck shell=sh disable=SC1091
# The app, for its owner, at a login on the first console or by ssh; leaving it leaves a shell.
if [ -z "${BEATWISE_STARTED:-}" ] && [ -r /etc/beatwise/device.conf ]; then
  export BEATWISE_STARTED=yes
  case "$(tty 2>/dev/null):${SSH_CONNECTION:-}:$-" in
    /dev/tty1:*i* | /dev/pts/*:?*:*i*)
      if [ "$(. /etc/beatwise/device.conf && echo "$OWNER")" = "$(id -un)" ]; then
        /usr/local/bin/beatwise || true
      fi
      ;;
  esac
fi
