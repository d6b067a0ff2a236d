"""What tortoise's migrations drop silently or cannot say: partial and GIN indexes, checks,
functions, triggers. One file per slice in sql/, written and read by people.
"""

from pathlib import Path

from tortoise import migrations
from tortoise.migrations import operations as ops

FILES = sorted((Path(__file__).parent / "sql").glob("*.sql"))


class Migration(migrations.Migration):
    dependencies = [("jucun", "0001_initial")]
    initial = False
    operations = [ops.RunSQL(file.read_text(encoding="utf-8")) for file in FILES]
