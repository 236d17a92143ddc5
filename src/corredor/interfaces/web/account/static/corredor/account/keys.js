// Says in the page what the sign-in library only says to the console; hides what this browser cannot do.
for (const part of document.querySelectorAll('[data-needs-keys]')) part.hidden = !window.PublicKeyCredential
document.addEventListener('allauth.error', (event) => {
  event.preventDefault()
  for (const notice of document.querySelectorAll('[data-key-fault]')) notice.hidden = false
})
