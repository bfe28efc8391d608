#!/bin/sh
# Makes .venv hold the packages of requirements/$1.txt and the project itself (no $1: only .venv),
# or says in one sentence what is missing. Where nothing changed it does nothing.
# Exit 3 means that the Python found cannot make a .venv, which .ci/run knows how to mend.
set -eu
cd "$(dirname "$0")/.."
want=${1-}

# The caller's own environments and pip habits must not redirect what happens in ours.
unset VIRTUAL_ENV PYTHONHOME PYTHONPATH PIP_TARGET PIP_PREFIX
export PIP_USER=0 PIP_NO_INPUT=1
[ -w "${HOME-}" ] || export PIP_NO_CACHE_DIR=1

fail() {
    printf '%s\n' "$2" >&2
    exit "$1"
}

announce() {
    [ "${announced-}" ] || echo "Setting up .venv (once, about a minute) ..."
    announced=yes
}

no_venv() {
    case $1 in python3*) package=$1-venv ;; *) package=python3-venv ;; esac
    fail 3 "$1 cannot make virtual environments here: install that part of Python\
 (Debian and Ubuntu: sudo apt install $package) and run the same command again."
}

# Leaves in $python the first Python that is new enough and complete (Debian ships ensurepip apart).
find_python() {
    too_old='' incomplete=''
    if [ "${PYTHON-}" ]; then set -- "$PYTHON"; else
        set -- python3 python3.14 python3.13 python3.12 python3.11
    fi
    for python; do
        version=$("$python" -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])' 2>/dev/null) || continue
        if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            too_old=${too_old:-"$python is Python $version"}
        elif "$python" -c 'import ensurepip, venv' 2>/dev/null; then
            return
        else
            incomplete=${incomplete:-$python}
        fi
    done
    [ -z "$incomplete" ] || no_venv "$incomplete"
    fail 1 "Hipstride needs Python 3.11 or newer, but ${too_old:-"there is no ${PYTHON:-python3} here"}:\
 install a newer one (Debian 12, Ubuntu 24.04 or later: sudo apt install python3 python3-venv;\
 others: python.org/downloads) or name one you have with PYTHON=/path/to/python."
}

# A .venv works only in the place and for the Python it was made for, and only if nobody stopped us
# half-way: .venv/made-for is there exactly while all of that holds.
made_for='import os, sys; print(os.getcwd(), sys.implementation.cache_tag)'
is_sound() {
    here=$(cat .venv/made-for 2>/dev/null) || return 1
    [ "$(.venv/bin/python -c "import pip; $made_for" 2>/dev/null)" = "$here" ] || return 1
    [ -z "${PYTHON-}" ] || [ "$("$PYTHON" -c "$made_for" 2>/dev/null)" = "$here" ]
}

make_venv() {
    find_python
    announce
    if ! said=$("$python" -m venv --clear .venv 2>&1); then
        rm -rf .venv 2>/dev/null || true
        case $said in *"ensurepip is not"*) no_venv "$python" ;; esac
        fail 1 "$python could not make $PWD/.venv: $(printf '%s' "$said" | tail -n 1)"
    fi
    .venv/bin/python -c "$made_for" >.venv/made-for
}

contents() { cat "requirements/$1.txt" pyproject.toml | cksum; }

holds() { [ "$(cat ".venv/holds-$1" 2>/dev/null)" = "$(contents "$1")" ]; }

pip_install() {
    .venv/bin/python -m pip install --disable-pip-version-check --retries 3 "$@" >>.venv/pip.log 2>&1
}

fill_venv() {
    announce
    rm -f .venv/made-for .venv/pip.log
    status=0
    pip_install --require-hashes -r "requirements/$1.txt" &&
        pip_install --no-deps --no-build-isolation -e . || status=$?
    # pip undoes its own failures, so the .venv is as sound as before; only a killed pip leaves a mess.
    .venv/bin/python -c "$made_for" >.venv/made-for
    [ $status = 0 ] || explain_pip
    contents "$1" >".venv/holds-$1"
}

explain_pip() {
    if grep -qE 'from versions: none|[Cc]onnection|timed out|Max retries|HTTP error' .venv/pip.log; then
        fail 1 "pip could not download the packages: check this machine's network (and pip's settings,\
 if it needs any) and run the same command again; what pip said is in .venv/pip.log."
    fi
    fail 1 "pip could not install the packages: $(grep '^ERROR: ' .venv/pip.log | tail -n 1 | cut -c 8-)\
 (what it said is in .venv/pip.log)."
}

trap 'echo; exit 130' INT

case $want in
    '') enough='' ;;
    run) enough='run demo dev' ;; # each set holds the ones before it
    demo) enough='demo dev' ;;
    dev) enough='dev' ;;
    *) fail 2 "usage: scripts/setup.sh [run|demo|dev]" ;;
esac

is_sound || make_venv
for set in $enough; do
    if holds "$set"; then exit; fi
done
[ -z "$want" ] || fill_venv "$want"
