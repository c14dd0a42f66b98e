// Sends the form of form-post.ejs. It is a plain script, for browsers that know no modules.

const form = document.getElementById('form-post');
if (form instanceof HTMLFormElement) form.submit();
