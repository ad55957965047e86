#!/usr/bin/env bash
# Installs the real servers that tests start on loopback, where Debian's package manager and root are at hand.
# A package that cannot be installed is said; its tests are then skipped by name, never silently.
set -uo pipefail

servers=(
  "redis-server redis-server"
  "initdb postgresql"
  "chromium chromium"
  "slurmctld slurmctld"
  "slurmd slurmd"
  "munged munge"
  "strace strace"
)

missing=()
for server in "${servers[@]}"; do
  read -r program package <<<"$server"
  command -v "$program" >/dev/null || compgen -G "/usr/lib/postgresql/*/bin/$program" >/dev/null || missing+=("$package")
done
if [ ${#missing[@]} -eq 0 ]; then
  echo "test servers: all there"
  exit 0
fi
if ! command -v apt-get >/dev/null || [ "$(id -u)" -ne 0 ]; then
  echo "test servers: missing ${missing[*]}; install them by your package manager to run their tests"
  exit 0
fi

# Tests start their own instances: the packages' own services must not run.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
  trap 'rm -f "$policy"' EXIT
fi
export DEBIAN_FRONTEND=noninteractive
timeout 120 apt-get update -qq >/dev/null || echo "test servers: the package lists could not be renewed"
for package in "${missing[@]}"; do
  if timeout 240 apt-get install -y -qq --no-install-recommends "$package" >/dev/null 2>&1; then
    echo "test servers: $package installed"
  else
    echo "test servers: $package could not be installed; its tests are skipped"
  fi
done
