"""``smgen assets``: uploads the code of compiled pipelines."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from smgen.cli.connection import answered, connection_options
from smgen.cli.findings import counted, format_option, reported, say
from smgen.cli.tracebacks import traceback_option
from smgen.distribution import need

if TYPE_CHECKING:
    from smgen.emit import ConnectionSettings


@click.group(name="assets")
def command() -> None:
    """Upload the code of compiled pipelines."""


@command.command(name="publish")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--kms-key", help="Encrypt what is uploaded with this KMS key.")
@click.option("--bucket-owner", metavar="ACCOUNT", help="Refuse buckets of any other AWS account.")
@connection_options
@traceback_option
@format_option
def publish(
    folder: Path,
    kms_key: str | None,
    bucket_owner: str | None,
    connection: ConnectionSettings,
    output_format: str,
) -> None:
    """Upload the assets in FOLDER, which smgen compile wrote, to where its definition reads them.

    Only what is missing is uploaded, each asset as a whole, so a run that was broken off is simply started again.
    """
    from smgen.cli.progress import Progress, in_bytes
    from smgen.documents import finish_publication, shown_path
    from smgen.emit import UploadSettings, publish as publish_uploads, read_uploads, s3_client

    need("aws")
    with reported(output_format), answered():
        finish_publication(folder)
        uploads = read_uploads(folder, shown_path(folder))
        client = s3_client(connection)
        progress = Progress("Uploading", in_bytes=True)
        try:
            done = publish_uploads(client, uploads, UploadSettings(kms_key, bucket_owner), progress=progress)
        finally:
            progress.close()
        sizes = {upload.location: len(upload.content) for upload in uploads}
        text = output_format == "text"
        for location in done.uploaded:
            say(f"uploaded {location} ({in_bytes(sizes[location])})", err=not text)
        say(f"{counted(len(done.uploaded), 'asset')} uploaded, {len(done.present)} there already.", err=not text)
