"""What the worker does for the roof; each imports the models it needs, which are not there yet
when the app is loaded."""

from celery import shared_task


@shared_task
def send_password_link(email: str) -> None:
    """Mail a link for a new password to an address, if somebody has it."""
    from lms.safety.password_links import PasswordLinkForm

    form = PasswordLinkForm({"email": email})
    if form.is_valid():
        form.send()


@shared_task
def clear_personal_data() -> None:
    """Clear what may not be kept any longer, where an institution has switched that on."""
    from lms.safety import retention

    retention.tidy()
    retention.clear()
