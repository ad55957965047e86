"""Moves one module by rope: `rope_move.py ROOT FROM FOLDER`, paths relative to the root."""

import sys

from rope.base.project import Project
from rope.refactor.move import create_move

root, source, folder = sys.argv[1:]
project = Project(root, ropefolder=None)
project.do(create_move(project, project.get_resource(source)).get_changes(project.get_folder(folder)))
project.close()
